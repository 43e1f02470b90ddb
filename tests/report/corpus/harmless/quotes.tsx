export default function Report({ data }) {
  return (
    <ul>
      {data.findings.map((f) => f.quotes.map((q) => <li key={q.text}><q>{q.text}</q></li>))}
    </ul>
  );
}
