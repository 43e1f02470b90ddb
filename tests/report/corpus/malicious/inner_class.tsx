export default function Report({ data }) {
  class Box { }
  return <p>{data.title}</p>;
}
