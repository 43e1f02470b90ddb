export default function Report({ data }) {
  return (
    <section lang="ar" dir="rtl"><h1>النتائج</h1><p>«{data.summary}» – 结果, результаты, résultats, 😀</p></section>
  );
}
