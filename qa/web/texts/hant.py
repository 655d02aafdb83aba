"""The strings of the interface in traditional Chinese."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["STRINGS"]

STRINGS: Mapping[str, str] = MappingProxyType(
    {
        "name": "問文章",
        "tagline": "每個字都出自原文",
        "language": "介面語言",
        "loading": "正在載入模型，幾秒鐘就好。現在就可以提問，準備好後馬上回答。",
        "opening": "正在打開文章……",
        "ready": "已就緒",
        "welcome": "問這篇文章一個問題",
        "welcome_several": "問這些文章一個問題",
        "welcome_hint": (
            "回答是文章裡的原話，並標出答案所在的那一句；文中沒有提到的，會直接告訴你。"
        ),
        "welcome_own": "問你自己的文章",
        "examples": "可以這樣問",
        "question": "問題",
        "placeholder": "輸入問題，按 Enter 送出",
        "send": "送出",
        "you": "你問",
        "reply": "回答",
        "waiting": "正在查找……",
        "waiting_for_model": "模型還在載入，準備好後馬上回答……",
        "too_long": (
            "這個問題有 {length} 個字元，最多可以有 {limit} 個。它還在輸入框裡，請縮短後再送出。"
        ),
        "broken": (
            "這個問題沒有處理成功，是程式內部出了錯。問題還在輸入框裡，可以再試一次或換個問法。"
        ),
        "busy": "現在提問的人太多，這個問題沒有排上。請過一會兒再試，問題還在輸入框裡。",
        "busy_adding": "現在用的人太多，沒有添加。請過一會兒再試。",
        "no_chatbot": "文章沒能打開：{message}",
        "conversation": "對話",
        "carried": "承接上一問：「{topic}」",
        "completed": "按這個意思查找：「{question}」",
        "ask_alone": "不帶上文再問一次",
        "also": "文中還有 {count} 處也回答了",
        "copy": "複製",
        "copied": "已複製",
        "copy_passage": "複製這一段和出處",
        "helpful": "有用",
        "not_helpful": "沒用",
        "right_passage": "這段才對",
        "marked_right": "已記為正確段落",
        "which_right": "謝謝。如果知道答案在哪一段，請在那一段點「這段才對」。",
        "none_right": "文中其實沒有回答",
        "thanks": "謝謝，已記下。",
        "feedback": "這個回答有用嗎？",
        "keep": "儲存對話",
        "copy_markdown": "複製為 Markdown",
        "download_markdown": "下載 Markdown",
        "download_json": "下載 JSON",
        "file_name": "對話",
        "contents": "目錄",
        "article": "文章",
        "documents": "正在讀的文章",
        "own": "你加入的",
        "close": "關閉文章",
        "previous_passage": "上一段（Alt+↑）",
        "next_passage": "下一段（Alt+↓）",
        "bearing": "顏色越深，這一段與問題越有關；圓點是已經引用過的段落",
        "scope": "提問範圍",
        "ask_this": "只問這篇",
        "ask_all": "問全部 {count} 篇",
        "add": "加入文章",
        "add_close": "收起",
        "add_hint": "把檔案拖到頁面任何地方，或選擇檔案，或把文字貼在下面。",
        "private": "只有你能看到；關閉頁面後就會刪除。",
        "choose_files": "選擇檔案",
        "paste_name": "名稱（可不填）",
        "paste_text": "貼上文字",
        "paste_add": "加入這段文字",
        "pasted": "貼上的文字",
        "remove": "移除這篇",
        "queued": "「{name}」在排隊，前面還有別的文章……",
        "reading": "正在讀取「{name}」……",
        "embedding": "正在理解「{name}」…… {percent}%",
        "added": "已加入「{name}」，共 {count} 段，現在可以問它了。",
        "removed": "已移除「{name}」。",
        "too_many": "最多可以加入 {limit} 篇文章，請先移除一篇。",
        "too_long_article": (
            "「{name}」有 {length} 個字元，一篇最多 {limit} 個。請只保留需要的部分。"
        ),
        "too_large": "「{name}」有 {size} MB，一個檔案最多 {limit} MB。",
        "nothing_pasted": "這裡還沒有文字，請先貼上。",
        "unsupported": "「{name}」這種檔案還不能讀。",
        "undecodable": "「{name}」不是文字，或用了認不出的編碼；請另存為 UTF-8 再試。",
        "empty_article": "「{name}」裡沒有文字。",
        "not_read": "「{name}」沒能讀取：{message}",
        "unreadable": "「{name}」沒能讀取，是程式內部出了錯。",
        "crowded": "這台機器上暫存的文章已經太多，請過一會兒再試。",
    }
)
