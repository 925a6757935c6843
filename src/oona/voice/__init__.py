"""Voice: a conversation by ear and mouth, at the pace of people.

Sound comes in as frames of 32 ms (`framing.py`, from whatever rate and format), and the frame is
the clock: every moment that this room speaks of is a position in the stream, in seconds, so that a
recording, a test and a microphone run through the same code.

- `endpointing.py` decides when somebody has finished: the voice-activity detector, how the end
  sounds, the words so far (`completeness.py`), the person's own pauses, a time-out. It is a state
  machine without models or threads.
- `ears.py` joins it with the models. They run in threads of their own, and begin in a pause that
  may yet turn out to be none: what they find then is dropped.
- `floor.py` decides, as purely, what becomes of a reply when somebody speaks over it, and
  `attending.py` what such words mean.
- `phrasing.py` cuts a reply into what is worth speaking at once, `spoken.py` writes it as people
  say it, `mouth.py` has it spoken and can be stopped; `alignment.py` tells which words were heard
  by then.
- `conversing.py` takes turns; `events.py` is what all of it tells.
- `recording.py` makes a stream of a file, `track.py` a file of what was said, `wav.py` reads and
  writes the format.

What answers is not decided here: words go through the one turn loop like those that were typed.
"""
