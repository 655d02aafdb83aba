"""The chatbot: documents in, answers out."""

from qa.chatbot.bot import Chatbot, Inquiry

__all__ = ["Chatbot", "Inquiry"]
