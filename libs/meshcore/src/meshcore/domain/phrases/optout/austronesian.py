"""Indonesian, Malay, Tagalog."""

from __future__ import annotations

_MESSAGES = "(pesan|mesej|chat|sms|wa|whatsapp|pesanan|pesan pesan)"
_ME = "(saya|aku|gue|gw)"
_NOT = "(tidak|nggak|enggak|gak|ga|tak)"
_WANT = "(mau|ingin|mahu|nak|pengen)"

_INDONESIAN = (
    (
        f"(berhenti|stop|setop) (kirim|mengirim|ngirim|hantar|menghantar) {_MESSAGES}"
        " [ke saya|ke aku|kepada saya|ini|lagi]"
    ),
    (
        f"(berhenti|stop|setop) (menghubungi|hubungi|ganggu|mengganggu|kirimi|mengirimi|kacau"
        f"|mengirim|mengganggu) {_ME} [{_MESSAGES[1:-1]}] [lagi]"
    ),
    (
        f"jangan [pernah] (hubungi|ganggu|chat|wa|kirimi|kacau|sms|kontak) {_ME}"
        f" [{_MESSAGES[1:-1]}] lagi"
    ),
    (
        f"jangan [pernah] (kirim|hantar) [saya] {_MESSAGES} [apapun] [ke saya|kepada saya] lagi"
        " [ke saya|kepada saya]"
    ),
    f"jangan (kirim|hantar) {_MESSAGES} (ke saya|kepada saya|ke aku)",
    f"(tinggalkan|biarkan) {_ME} (sendiri|sendirian|dengan tenang)",
    (
        "(hapus|padam|buang|delete) (nomor|nomer|no|nombor) (saya|aku|telepon saya|hp saya)"
        " [dari] [daftar|list|kontak|senarai] [anda|ini|kalian]"
    ),
    (
        f"(hapus|keluarkan|padam|buang) {_ME} (dari|daripada) (daftar|list|senarai|grup|kontak)"
        " [anda|ini|kalian]"
    ),
    (
        f"{_ME} {_NOT} {_WANT} (menerima|terima|dapat|dikirimi) {_MESSAGES} [ini|lagi|dari anda]"
        " [lagi]"
    ),
    f"{_ME} {_NOT} {_WANT} (dihubungi|diganggu|dikontak) [lagi]",
    f"[{_ME[1:-1]}] {_NOT} {_WANT} {_MESSAGES} lagi",
    "(hentikan|setop) (pesan ini|chat ini|percakapan ini|mesej ini)",
    f"{_ME} {_WANT} (berhenti berlangganan|mengakhiri percakapan ini|unsubscribe)",
)
_INDONESIAN_ALONE = (
    "(tolong|mohon|harap|sila) (berhenti|hentikan)",
    "berhenti (tolong|ya|sekarang)",
    f"jangan (hubungi|ganggu|chat|kirimi|wa|kacau) {_ME}",
    f"jangan (kirim|hantar) {_MESSAGES} [lagi]",
    "(berhenti berlangganan|jangan tanya lagi|jangan tanya saya lagi)",
)

_TL_YOU = "(mo|nyo|niyo|ninyo)"
_TL_TEXT = (
    "(itext|i text|imessage|i message|guluhin|kontakin|istorbohin|ichat|i chat|kulitin|tinetext"
    "|text|message|chat)"
)

_TAGALOG = (
    f"(tigilan|tantanan|lubayan) {_TL_YOU} na [nga] (ako|kami)",
    (
        f"(tigilan|itigil|tigil) {_TL_YOU} na [nga] [ang|yung] (pagtext|pag text"
        "|pagtetext|pag message"
        "|pagmessage|pag chat|pangungulit|pagpapadala ng mensahe|pagpapadala ng message"
        "|pagmemessage)"
        " [sa akin|sakin]"
    ),
    f"(wag|huwag) {_TL_YOU} na [nga] [ulit] akong {_TL_TEXT} [ulit|pa|muli]",
    (
        "(wag|huwag) na kayong (magtext|mag text|magmessage|mag message|magchat"
        "|magpadala ng message"
        "|magpadala ng mensahe|mangulit) [sa akin|sakin|ulit]"
    ),
    (
        "(wag|huwag) ka nang (magtext|mag text|magmessage|mag message|magchat"
        "|mangulit) [sa akin|sakin"
        "|ulit]"
    ),
    (
        "ayoko nang (makatanggap|tumanggap) ng (message|messages|mensahe|text|texts) [nyo|mo]"
        " [galing sa inyo]"
    ),
    "ayaw ko na (makatanggap|tumanggap) ng (message|messages|mensahe|text|texts) [nyo|mo]",
    (
        f"(alisin|tanggalin|burahin) {_TL_YOU} na [ang] (ako|number ko|numero ko|pangalan ko)"
        " [sa list|sa listahan|sa list nyo|sa listahan nyo|sa listahan ninyo]"
    ),
    (
        f"(alisin|tanggalin|burahin) {_TL_YOU} [ang] (ako|number ko|numero ko) (sa list|sa listahan"
        "|sa list nyo|sa listahan nyo|sa listahan ninyo)"
    ),
)
_TAGALOG_ALONE = (
    f"(wag|huwag) {_TL_YOU} akong {_TL_TEXT}",
    f"(itigil|tigilan) {_TL_YOU} na [ito|to|yan]",
    "ayoko na (makipagchat|makipag chat|sumagot|mag chat)",
)

PLAINLY = _INDONESIAN + _TAGALOG
ALONE = _INDONESIAN_ALONE + _TAGALOG_ALONE
