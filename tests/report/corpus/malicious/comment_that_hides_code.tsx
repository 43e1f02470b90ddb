export default function Report({ data }) {
  const x = 1; /* ‮ */
  return <p>{data.title}</p>;
}
