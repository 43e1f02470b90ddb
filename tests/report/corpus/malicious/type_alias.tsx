export default function Report({ data }) {
  type X = typeof import("https://evil.example");
  return <p>{data.title}</p>;
}
