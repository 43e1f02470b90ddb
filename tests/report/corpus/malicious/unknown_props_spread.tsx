export default function Report({ data }) {
  return <div {...data} />;
}
