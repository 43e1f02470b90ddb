export default function Report({ data }) {
  return <p style={{ backgroundImage: "url(https://evil.example/p.gif)" }}>x</p>;
}
