export default function Report({ data }) {
  return <p style={{ "--x": "url(https://evil.example)" }}>x</p>;
}
