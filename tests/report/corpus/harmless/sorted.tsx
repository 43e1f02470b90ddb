export default function Report({ data }) {
  const [first] = data.fields;
  const ranked = first.counts.slice(0, 5).sort((a, b) => b.n - a.n);
  return (
    <ul>{ranked.map((c) => <li key={c.value}>{c.value}</li>)}</ul>
  );
}
