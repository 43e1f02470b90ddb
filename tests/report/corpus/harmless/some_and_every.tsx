export default function Report({ data }) {
  return (
    <p>{data.fields.some((f) => f.missing > 0) ? "Some answers are missing." : "Everything was answered."}</p>
  );
}
