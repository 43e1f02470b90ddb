export default function Report({ data }) {
  const { text = data.title } = 5 - 3;
  return <p style={{ width: text }}>x</p>;
}
