"""The child process: `python -m oona.providers.llama.child`.

Reads one line of JSON (see `process.ChildConfig`) from standard input, serves llama.cpp's
OpenAI-compatible API on loopback, writes one line of JSON to standard output when it can answer,
and ends when standard input does: a parent that is killed leaves no model behind. The key comes by
standard input because an argument or a variable could be read by others on the machine.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Serve until the parent goes."""
    config = json.loads(sys.stdin.readline())
    # Must stand before the library loads: spinning OpenMP threads make a busy machine ten times
    # slower. Set by the parent too; here for whoever starts the child by hand.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.nice(config["nice"])
    import xllamacpp

    server = xllamacpp.Server(_params(xllamacpp, config))
    sys.stdout.write(
        json.dumps({"url": server.listening_address, "runtime": xllamacpp.__version__}) + "\n"
    )
    sys.stdout.flush()
    sys.stdin.read()
    # The library's own shutdown waits for generations in flight; nobody is left to hear them.
    os._exit(0)


def _params(xllamacpp: Any, config: dict[str, Any]) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = config["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = config["port"]
    params.api_keys = [config["key"]]
    params.n_parallel = 2  # the conversation, and work that nobody waits for
    # One store of cells for both: apart, each would get the larger window, which cost 86 MB more
    # with the 1.5B (37 with the 0.5B) and was no faster.
    params.kv_unified = True
    params.n_ctx = config["context"] + config["background"]
    params.cpuparams.n_threads = config["threads"]
    params.cpuparams_batch.n_threads = config["threads"]
    params.slot_save_path = config["slot_folder"].rstrip("/") + "/"
    params.endpoint_slots = True
    params.cache_ram_mib = 0  # a life's prompts would pile up in memory; the slots hold what counts
    params.cors_origins = ""
    params.ui = False
    params.warmup = False
    # It would load everything once more beforehand, to see whether it fits a graphics card: a
    # start takes 2.2 s with it and 1.2 s without.
    params.fit_params = False
    # Without repacked copies of the weights it loads in two thirds of the time, shares its memory
    # with the page cache, reads faster and writes a little slower (59 tokens/s against 43, 13.1
    # against 14.5, in turn on two quiet AVX2 cores): a wash for short replies, a gain for starts.
    params.no_extra_bufts = True
    params.verbosity = 0
    return params


if __name__ == "__main__":
    main()
