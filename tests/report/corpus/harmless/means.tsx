export default function Report({ data }) {
  const numeric = data.fields.filter((f) => f.mean !== null);
  return (
    <dl>
      {numeric.map((f) => (
        <div key={f.name}><dt>{f.description}</dt><dd>{f.mean.toFixed(1)} (n = {f.n})</dd></div>
      ))}
    </dl>
  );
}
