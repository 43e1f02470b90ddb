export default function Report({ data }) {
  return <p>{data.title}</p>;
}
export const getServerSideProps = 1;
