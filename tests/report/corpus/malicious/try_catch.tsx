export default function Report({ data }) {
  try { data.title; } catch (e) { }
  return <p>{data.title}</p>;
}
