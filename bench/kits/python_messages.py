"""Reads a received message with Symphony's Python kit. usage: python_messages.py MESSAGE DATA RUNS

Its text, its mentions, tags and emoji, as a bot would. Prints CPU per message in us.
"""
import json
import pathlib
import resource
import sys

from symphony.bdk.core.service.message import message_parser
from symphony.bdk.gen.agent_model.v4_message import V4Message
from symphony.bdk.gen.agent_model.v4_stream import V4Stream
from symphony.bdk.gen.agent_model.v4_user import V4User

MESSAGE, DATA, RUNS = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2]).read_text(), int(sys.argv[3])
PARTS = (message_parser.get_text_content_from_message, message_parser.get_mentions, message_parser.get_hashtags,
         message_parser.get_cashtags, message_parser.get_emojis)


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def read():
    message = V4Message(message_id="1", timestamp=1, message=MESSAGE, data=DATA, user=V4User(), stream=V4Stream())
    return [part(message) for part in PARTS]


found = read()
assert len(found[1]) == 2 and all(found), found
for _ in range(50):
    read()
before = cpu_seconds()
for _ in range(RUNS):
    read()
print(json.dumps({"cpu_us": (cpu_seconds() - before) * 1e6 / RUNS}))
