"""Programs on a terminal of their own, as people meet them."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

from conftest import BINARY, Cloudrails


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, cloudrails: Cloudrails, *words: str, **environment: str):
        """The binary with these words."""
        self.start([str(BINARY), *words], {**cloudrails.environment, **environment})

    @classmethod
    def of(cls, command: list[str], environment: dict[str, str], columns: int = 80) -> Screen:
        """Any program."""
        screen = cls.__new__(cls)
        screen.start(command, environment, columns)
        return screen

    def start(self, command: list[str], environment: dict[str, str], columns: int = 80) -> None:
        self.parent, child = pty.openpty()
        self.resize(columns, 24)
        self.text = ""
        # What is read may end within a character.
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, start_new_session=True,
            env={"TERM": "xterm", **environment})
        os.close(child)

    def read(self) -> None:
        self.text += self.decoder.decode(os.read(self.parent, 4096))

    def wait_for(self, text: str | None, seconds: float = 30) -> None:
        """Until the text is there; None is the end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text is not None and text in self.text:
                return
            if select.select([self.parent], [], [], 0.1)[0]:
                try:
                    self.read()
                except OSError:
                    if text is None:
                        return
                    break
        raise AssertionError(f"no {text!r} in {self.text}")

    def answer(self, answers: dict[str, str], seconds: float = 60) -> int:
        """To the end, with an answer to each question whose last words are a key."""
        end = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < end:
            try:
                if select.select([self.parent], [], [], 0.1)[0]:
                    self.read()
            except OSError:
                os.close(self.parent)
                return self.process.wait(60)
            for question, answer in answers.items():
                if self.text[seen:].endswith(question):
                    seen = len(self.text)
                    self.type(answer + "\n")
        raise AssertionError(f"no end of {self.text}")

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.parent, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, text: str) -> None:
        os.write(self.parent, text.encode())

    def ends(self, seconds: float = 30) -> int:
        self.wait_for(None, seconds)
        os.close(self.parent)
        return self.process.wait(60)
