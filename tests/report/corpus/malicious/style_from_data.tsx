export default function Report({ data }) {
  return <p style={{ width: data.title }}>x</p>;
}
