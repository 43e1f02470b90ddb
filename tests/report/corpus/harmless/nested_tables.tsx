export default function Report({ data }) {
  return (
    <div>{data.fields.map((f) => <table key={f.name}><tbody>{f.counts.map((c) => <tr key={c.value}><td>{c.value}</td><td>{c.n}</td><td>{(100 * c.share).toFixed(0)} %</td></tr>)}</tbody></table>)}</div>
  );
}
