export default function Report({ data }) {
  const palette = ["#1f77b4", "#ff7f0e", "#2ca02c"];
  const card = { padding: 16, border: "1px solid #ddd", borderRadius: 8 };
  function Bar({ label, share, index }) {
    return (
      <div style={{ display: "flex", gap: 8 }}>
        <span style={{ width: 120 }}>{label}</span>
        <div style={{ width: `${100 * share}%`, height: 12, backgroundColor: palette[index % 3] }} />
        <span>{(100 * share).toFixed(0)} %</span>
      </div>
    );
  }
  const numeric = data.fields.filter((f) => f.mean !== null);
  const most = Math.max(...data.fields.map((f) => f.n), 1);
  if (!data.interviews) {
    return <p>No interviews yet.</p>;
  }
  return (
    <main>
      <h1>{data.title}</h1>
      <p>{data.summary}</p>
      {data.findings.map((finding, i) => (
        <section key={i} style={card}>
          <h2>{i + 1}. {finding.title}</h2>
          <p>{finding.text}</p>
          {finding.quotes.map((q) => <blockquote key={q.text}>“{q.text}”</blockquote>)}
        </section>
      ))}
      {data.fields.map((f) => (
        <figure key={f.name}>
          <figcaption>{f.description}: {f.n} of {data.interviews}</figcaption>
          {f.counts.map((c, i) => <Bar key={c.value} label={c.value} share={c.share} index={i} />)}
        </figure>
      ))}
      <svg viewBox="0 0 100 20" role="img" aria-label="Means">
        {numeric.map((f, i) => (
          <rect key={f.name} x={i * 12} y={20 - (20 * f.n) / most} width="10" height={(20 * f.n) / most} fill={palette[i % palette.length]} />
        ))}
      </svg>
    </main>
  );
}
