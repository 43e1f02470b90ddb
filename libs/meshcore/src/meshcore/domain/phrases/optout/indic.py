"""Hindi, the Latin spelling of Hindi and Urdu, Bengali."""

from __future__ import annotations

_HI_MESSAGES = "(मैसेज|मेसेज|मैसेजेस|संदेश|एसएमएस|मेसेजेस)"
_HI_NOT = "(मत|ना|न) (करो|करना|करें|कीजिए|कीजिये|करिए|कर|भेजो|भेजना|भेजें|भेजिए|भेजिये|भेज)"
_HI_AGAIN = "(अब|दोबारा|आगे से|फिर से|और|कभी|अब से|दुबारा|फिर)"

_HINDI = (
    f"मुझे {_HI_AGAIN} {_HI_MESSAGES} {_HI_NOT}",
    f"{_HI_AGAIN} मुझे {_HI_MESSAGES} {_HI_NOT}",
    f"मुझे {_HI_MESSAGES} {_HI_NOT} {_HI_AGAIN}",
    (
        f"[मुझे] [ये] {_HI_MESSAGES} (करना|भेजना) (बंद करो|बंद करें|बंद कर दो|बंद कीजिए|बंद करिए"
        "|बंद कर दीजिए|बंद कर दें)"
    ),
    "मुझे [अब|और] (परेशान|तंग|डिस्टर्ब) (मत|ना|न) (करो|करें|कीजिए|करना|करिए|कर)",
    "मुझे अकेला छोड़ (दो|दीजिए|दें)",
    (
        "मेरा नंबर [अपनी] [लिस्ट से|सूची से] (हटा दो|हटा दीजिए|हटा दें|हटाओ|हटाइए|डिलीट करो"
        "|डिलीट कर दो|डिलीट कीजिए|निकाल दो|निकाल दीजिए)"
    ),
    "मुझे [अपनी|इस] (लिस्ट|सूची) से (हटा|निकाल) (दो|दीजिए|दें)",
    f"मुझे [आपके] [अब|और|कोई] {_HI_MESSAGES} नहीं (चाहिए|चाहिये)",
    "मेरा पीछा छोड़ (दो|दीजिए|दें)",
    "मेरा पीछा छोड़ो",
)
_HINDI_ALONE = (
    f"मुझे {_HI_MESSAGES} {_HI_NOT}",
    f"{_HI_MESSAGES} {_HI_NOT}",
    "(बंद करो|बंद करो ये|ये बंद करो|बंद कीजिए|यह बंद कीजिए|ये सब बंद करो|मैसेज बंद करो)",
)

_LATIN_MESSAGES = "(message|msg|messages|msgs|text|texts|sms|msj|paigham)"
_LATIN_DO = "(karo|karna|karein|karen|kare|kro|krna|kijiye|kijiyega|bhejo|bhejna|bhejein|bhejiye)"
_LATIN_NOT = f"(mat|na|mt|nahi|nahin) {_LATIN_DO}"
_LATIN_AGAIN = "(ab|dobara|dubara|aage se|phir se|phirse|aainda|aindah|kabhi|ab se)"
_LATIN_STOP = "(band|bandh) (karo|kro|kar do|krdo|kardo|kijiye|karein|karen|kar dein|kardein)"

_LATIN = (
    f"(mujhe|muje|mujhko) {_LATIN_AGAIN} {_LATIN_MESSAGES} {_LATIN_NOT}",
    f"{_LATIN_AGAIN} (mujhe|muje) {_LATIN_MESSAGES} {_LATIN_NOT}",
    f"(mujhe|muje|mujhko) {_LATIN_MESSAGES} {_LATIN_NOT} {_LATIN_AGAIN}",
    f"[mujhe|muje] {_LATIN_MESSAGES} (karna|krna|bhejna) {_LATIN_STOP}",
    (
        "(mujhe|muje|mujhko) [ab] (pareshan|tang|disturb|paresan) (mat|na|mt) (karo|kro"
        "|karna|karein"
        "|karen|kijiye)"
    ),
    "(mujhe|muje) akela (chhod|chod|chor) (do|dein|dijiye)",
    (
        "mera number [list se|apni list se] (hata do|hata dein|hatao|delete karo|delete kar do"
        "|delete krdo|nikal do|nikal dein)"
    ),
    "(mujhe|muje) [apni] list se (hata|nikal) (do|dein|dijiye)",
    "mera (pichha|peecha|picha) (chhodo|chodo|choro|chhod do|chod do|chor do)",
    f"(mujhe|muje) [ab|aur] {_LATIN_MESSAGES} (nahi|nahin) chahiye",
)
_LATIN_ALONE = (
    f"(mujhe|muje|mujhko) {_LATIN_MESSAGES} {_LATIN_NOT}",
    f"{_LATIN_MESSAGES} (mat|mt) {_LATIN_DO}",
    f"ab {_LATIN_MESSAGES} {_LATIN_NOT}",
)

_BN_MESSAGES = "(মেসেজ|ম্যাসেজ|মেসেজগুলো|বার্তা|এসএমএস)"
_BN_NOT = "(পাঠাবেন|করবেন|দেবেন|দিবেন|পাঠিও|দিও|কোরো|করো|পাঠাবে|লিখবেন|পাঠাইয়েন|দিয়েন) না"
_BN_STOP = "(পাঠানো|করা|দেওয়া) বন্ধ (করুন|করো|কর|করেন)"

_BENGALI = (
    f"আমাকে (আর|আর কখনো|কখনো|আর কোনো|আর কোন) {_BN_MESSAGES} {_BN_NOT}",
    f"(আর|আর কখনো) [আমাকে] {_BN_MESSAGES} {_BN_NOT}",
    f"আমাকে {_BN_MESSAGES} {_BN_NOT} আর",
    f"[আমাকে] {_BN_MESSAGES} {_BN_STOP}",
    "আমাকে [আর] বিরক্ত (করবেন|কোরো|করো|করিয়েন) না",
    "আর আমাকে বিরক্ত (করবেন|কোরো|করো) না",
    "আমাকে একা (থাকতে|ছেড়ে) (দিন|দাও)",
    (
        "আমার (নাম্বার|নম্বর) [তালিকা থেকে|লিস্ট থেকে|আপনাদের তালিকা থেকে] (মুছে ফেলুন|মুছে দিন"
        "|বাদ দিন|ডিলিট করুন|ডিলিট করে দিন)"
    ),
    "আমাকে [আপনাদের|আপনার|এই] (তালিকা|লিস্ট) থেকে (বাদ দিন|মুছে দিন|সরিয়ে দিন)",
    f"আমি [আর] [কোনো|আপনাদের] {_BN_MESSAGES} (চাই না|পেতে চাই না)",
)
_BENGALI_ALONE = (f"আমাকে {_BN_MESSAGES} {_BN_NOT}", f"{_BN_MESSAGES} {_BN_NOT}")

PLAINLY = _HINDI + _LATIN + _BENGALI
ALONE = _HINDI_ALONE + _LATIN_ALONE + _BENGALI_ALONE
