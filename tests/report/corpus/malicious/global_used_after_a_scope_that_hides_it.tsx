export default function Report({ data }) {
  function inner() {
    const fetch = data.title;
    return fetch;
  }
  const stolen = fetch;
  return <p>{data.title}</p>;
}
