"""Answers each message with Symphony's Python kit. usage: python_echo.py PORT KEY USERNAME

Runs until SIGTERM. A handler starts a task of its own, as the kit's manual advises, so that answers do
not wait for each other.
"""
import asyncio
import html
import logging
import re
import signal
import sys

from symphony.bdk.core.config.model.bdk_config import BdkConfig
from symphony.bdk.core.service.datafeed.real_time_event_listener import RealTimeEventListener
from symphony.bdk.core.symphony_bdk import SymphonyBdk

PORT, KEY, USERNAME = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Echo(RealTimeEventListener):
    def __init__(self, messages):
        self.messages, self.under_way = messages, set()

    async def on_message_sent(self, initiator, event):
        heard = event.message
        text = html.unescape(re.sub(r"<[^>]*>", "", heard.message)).strip()
        task = asyncio.create_task(self.messages.send_message(
            heard.stream.stream_id, f"<messageML>echo {html.escape(text)}</messageML>"))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


async def main():
    logging.disable(logging.WARNING)
    config = BdkConfig(scheme="http", host="127.0.0.1", port=PORT,
                       bot={"username": USERNAME, "privateKey": {"path": KEY}},
                       datafeed={"version": "v2"})
    async with SymphonyBdk(config) as bdk:
        bdk.datafeed().subscribe(Echo(bdk.messages()))
        loop = asyncio.get_running_loop()
        hearing = loop.create_task(bdk.datafeed().start())
        loop.add_signal_handler(signal.SIGTERM, hearing.cancel)
        try:
            await hearing
        except asyncio.CancelledError:
            pass


asyncio.run(main())
