export default function Report({ data }) {
  return <p style={{ background: data.title }}>x</p>;
}
