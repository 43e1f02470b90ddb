export default function Report({ data }) {
  return <p title={() => data.title}>x</p>;
}
