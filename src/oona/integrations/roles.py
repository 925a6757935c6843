"""The names under which the two sides of a conversation go in other programs' files."""

from __future__ import annotations

from oona.core.importing import Role

PERSON = frozenset({"user", "human", "you", "me", "i", "person", "prompt", "question", "myself"})
OTHER = frozenset(
    {
        *("assistant", "ai", "bot", "chatgpt", "gpt", "gpt-3.5", "gpt-4", "gpt-4o", "model"),
        *("claude", "gemini", "bard", "copilot", "llama", "mistral", "agent", "openclaw"),
        *("response", "answer", "deepseek", "grok", "perplexity"),
    }
)


def role_of(name: str) -> Role | None:
    """The side that goes by `name`, or None where it is somebody's name."""
    low = name.strip().lower()
    if low in PERSON:
        return Role.PERSON
    return Role.OTHER if low in OTHER else None
