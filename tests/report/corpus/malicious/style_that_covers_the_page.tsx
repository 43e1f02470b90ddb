export default function Report({ data }) {
  return <p style={{ position: "fixed", width: "100vw" }}>x</p>;
}
