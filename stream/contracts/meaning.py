"""Words that a message's field can say, each with what it means: one list for code and docs."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """`NAME = ("word", "What it means.")`; equal to the word itself."""

    meaning: str

    def __new__(cls, word: str, meaning: str) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        return member
