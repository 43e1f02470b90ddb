export default function Report({ data }) {
  const x = 1;
  //# sourceMappingURL=https://evil.example/x.map
  return <p>{data.title}</p>;
}
