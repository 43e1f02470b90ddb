"""Turkish."""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

_WRITE = (
    "(yazma|yazmayın|yazmayınız|mesaj atma|mesaj atmayın|mesaj gönderme|mesaj göndermeyin"
    "|mesaj göndermeyiniz|mesaj yollama|mesaj yollamayın|ulaşma|ulaşmayın|mesaj yazma"
    "|mesaj yazmayın)"
)
_STOP = "(bırak|bırakın|kes|kesin|durdur|durdurun|bırakır mısınız|keser misiniz)"
_AGAIN = "(artık|bir daha|bi daha|asla|bir daha asla)"

PLAINLY = (
    f"{_AGAIN} bana {_WRITE}",
    f"bana {_AGAIN} {_WRITE}",
    f"bana {_WRITE} {_AGAIN}",
    f"bana (yazmayı|mesaj atmayı|mesaj göndermeyi|mesaj yollamayı) {_STOP} [artık]",
    "bana (yazmayı|mesaj atmayı|mesaj göndermeyi) bırakır mısınız ?",
    f"(mesaj atmayı|mesaj göndermeyi|mesaj yollamayı) {_STOP} [artık]",
    "(beni|artık beni) rahat (bırak|bırakın|bırakınız) [artık]",
    "(beni|artık beni) rahatsız (etme|etmeyin|etmeyiniz) [artık|bir daha]",
    "(artık|bir daha) beni rahatsız (etme|etmeyin)",
    "beni (listeden|listenizden|bu listeden|gruptan) (çıkar|çıkarın|çıkartın|sil|silin)",
    "numaramı (sil|silin|listeden çıkarın|listenizden çıkarın|kaydınızdan silin|listenizden silin)",
    "[artık] [sizden|bu] [daha fazla|başka] mesaj (almak istemiyorum|istemiyorum) [artık]",
    "[artık] benimle [bir daha] (iletişime geçmeyin|iletişim kurmayın) [bir daha]",
    "bu (görüşmeyi|sohbeti|konuşmayı) (bitirmek|sonlandırmak) istiyorum",
    "abonelikten çıkmak istiyorum",
)

ALONE = (
    f"bana {_WRITE}",
    "(durdur|durdurun|abonelikten çık|abonelikten çıkar|mesaj atma|mesaj atmayın|yazmayın artık)",
    "(yeter artık yazmayın|artık yazmayın|artık yazma|yazma artık)",
)
