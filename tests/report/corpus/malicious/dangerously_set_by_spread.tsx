export default function Report({ data }) {
  return <div {...{ dangerouslySetInnerHTML: { __html: data.title } }} />;
}
