"""Speech on a small machine: models that hear, in files of the catalogue, and a voice.

`silero.py` tells speech from silence, `smart_turn.py` a finished turn from a pause, `moonshine.py`
writes down, `hibari.py` speaks. `runtime.py` is what they run on. All of it stands on the packages
of the extra `voice`, which are imported when something is first loaded.
"""

from oona.providers.speech.hibari import HibariVoice
from oona.providers.speech.moonshine import MoonshineTiny
from oona.providers.speech.silero import SileroVad
from oona.providers.speech.smart_turn import SmartTurn

__all__ = ["HibariVoice", "MoonshineTiny", "SileroVad", "SmartTurn"]
