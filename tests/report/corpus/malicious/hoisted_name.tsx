export default function Report({ data }) {
  const go = data.title;
  if (data.n) {
    return <p>{go}</p>;
    function go() { return data; }
  }
  return <p>{data.title}</p>;
}
