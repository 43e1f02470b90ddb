export default function Report({ data }) {
  enum Colour { Red }
  return <p>{data.title}</p>;
}
