export default function Report({ data }) {
  if (data.findings.length === 0) {
    return <p>No findings.</p>;
  } else if (data.fields.length === 0) {
    return <p>No fields.</p>;
  }
  return (
    <p>{data.title}</p>
  );
}
