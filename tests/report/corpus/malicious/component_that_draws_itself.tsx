export default function Report({ data }) {
  function Box({ label }) {
    return <div><Box label={label} /></div>;
  }
  return <p>{data.title}</p>;
}
