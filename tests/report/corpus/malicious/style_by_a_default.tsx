export default function Report({ data }) {
  const { text = "1px; x" } = data;
  return <p style={{ width: text }}>x</p>;
}
