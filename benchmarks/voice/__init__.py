"""The harness of conversations by voice.

It plays a conversation into the microphone of another process, in real time, records what goes in
and what comes out on one time line, and measures from that recording and its labels alone. What the
measured process believes of its own timing is not asked.

- `labels.py` and `sound.py`: what was said when, and recordings, the microphone left, the speaker
  right. `activity.py` finds sound in a channel.
- `turns.py` measures a turn that waits for a reply, `interruptions.py` one that falls into a reply,
  `words.py` what was understood, heard and kept; `summary.py` makes figures of them.
- `proof.py` alters recordings in known ways and looks whether the measuring finds it.
- `line.py` is the wire to the process, `device.py` the virtual sound device, `player.py` the one
  who talks; `served.py` is the other end: our pipeline, as a process of its own.
- `corpus.py` makes what is said, with `narrators.py` for voices, `mixing.py` for noise and rooms.
"""
