export default function Report({ data }) {
  return (
    <div>
      {data.fields.map((f) => <details key={f.name} open><summary>{f.name}</summary><p>{f.description}</p></details>)}
    </div>
  );
}
