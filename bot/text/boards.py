"""What the boards are called (pure)."""

from bot.model import BOARD_MODELS
from bot.text.say import Say


def board_title(board: str, say: Say) -> str:
    """Return what people call a board; its name where that is not known."""
    titles = {
        BOARD_MODELS: say("All models"),
        "category-programming": say("Programming"),
        "category-roleplay": say("Roleplay"),
        "category-marketing": say("Marketing"),
        "category-marketing-seo": say("Marketing: SEO"),
        "category-technology": say("Technology"),
        "category-science": say("Science"),
        "category-translation": say("Translation"),
        "category-legal": say("Legal"),
        "category-finance": say("Finance"),
        "category-health": say("Health"),
        "category-trivia": say("Trivia"),
        "category-academia": say("Academia"),
        "language-natural": say("Natural languages"),
        "language-programming": say("Programming languages"),
        "modality-text": say("Text output"),
        "modality-image": say("Image input"),
        "modality-image-output": say("Image output"),
        "modality-audio": say("Audio input"),
        "modality-tool-calling": say("Tool calling"),
        "context-1k": say("Context size 1K"),
        "context-10k": say("Context size 10K"),
        "context-100k": say("Context size 100K"),
        "context-1m": say("Context size 1M"),
        "context-10m": say("Context size 10M"),
        "apps": say("Apps"),
    }
    return titles.get(board, board)
