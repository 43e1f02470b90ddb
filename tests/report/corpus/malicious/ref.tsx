export default function Report({ data }) {
  return <div ref={data.title} />;
}
