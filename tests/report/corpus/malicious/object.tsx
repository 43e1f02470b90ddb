export default function Report({ data }) {
  return <object data="x.swf" />;
}
