export default function Report({ data }) {
  return (
    <table>
      <caption>Answers</caption>
      <thead><tr><th scope="col">Answer</th><th scope="col">People</th></tr></thead>
      <tbody>
        {data.fields.map((f) => f.counts.map((c) => (
          <tr key={f.name + c.value}><td>{c.value}</td><td>{c.n}</td></tr>
        )))}
      </tbody>
    </table>
  );
}
