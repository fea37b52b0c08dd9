// The words of an account whose campaign is in Arabic, a language that the page has none of its own for: what is not here
// stands in English among them, as it does for an account that has not finished.

export const ARABIC = {
  "loading": "لحظة…", "language": "اللغة", "preview": "معاينة: لا تُحتسب",
  "intro.title": "مسابقة الصيف", "intro.text": "{count} أسئلة قصيرة، ثم بياناتك. يستغرق ذلك دقيقة تقريبًا.", "intro.text.one": "سؤال قصير واحد، ثم بياناتك.", "intro.hello": "مرحبًا {form.firstname}", "intro.start": "ابدأ",
  "question.progress": "السؤال {number} من {count}", "question.missing": "اختر إجابة للمتابعة.", "next": "التالي", "back": "رجوع",
  "login.title": "الخطوة الأخيرة: بياناتك", "login.text": "تابع بحسابك ونملأ الاستمارة عنك.", "login.kept": "إجاباتك محفوظة. ستعود إلى هنا.", "login.start": "تابع بحسابك", "login.skip": "المتابعة دون حساب",
  "form.title": "بياناتك", "form.text": "نحتاجها للوصول إليك.", "form.optional": "اختياري", "form.required": "إلزامي", "form.send": "شارك", "form.check": "تحقق من الحقول المحددة.", "form.missing": "يرجى ملء هذا الحقل.", "form.missing.checkbox": "ضع علامة للمتابعة.",
  "exit.title": "شكرًا لك!", "exit.title.known": "شكرًا لك، {form.firstname}!", "exit.text": "تم تسجيل مشاركتك.", "exit.when": "سُجلت في {when}", "exit.score": "{right} من {count} صحيحة", "exit.right": "الإجابة الصحيحة: {answer}", "exit.yours": "إجابتك: {answer}", "exit.go": "متابعة", "exit.share": "مشاركة",
  "sorry.ref": "إذا طلبت المساعدة فاذكر هذا الرقم:", "sorry.again": "حاول مجددًا", "sorry.reload": "إعادة التحميل", "sorry.login": "تسجيل الدخول", "sorry.login.instead": "سجّل الدخول بدلًا من ذلك", "sorry.site": "اذهب إلى {site}",
  "sorry.title.token_missing": "لا نعرفك بعد", "sorry.token_missing": "افتح الحملة من الرابط الذي وصلك.",
  "sorry.title.quota_reached": "لقد لعبت من قبل", "sorry.quota_reached": "استخدمت كل مشاركاتك. شكرًا لك!",
  "field.firstname": "الاسم الأول", "field.city": "المدينة", "field.country": "البلد",
};
