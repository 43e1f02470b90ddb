export default function Report({ data }) {
  const ｅｖａｌ = 1;
  return <p>{data.title}</p>;
}
