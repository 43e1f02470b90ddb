export default function Report({ data }) {
  const Card = ({ title, children }) => <section><h3>{title}</h3>{children}</section>;
  return (
    <div>{data.fields.map((f) => <Card key={f.name} title={f.name}><p>{f.description}</p></Card>)}</div>
  );
}
