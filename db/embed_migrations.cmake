# cmake -DKIND=sqlite -DOUT=file.cpp -P embed_migrations.cmake: the scripts of migrations/KIND as a C++ source.
file(GLOB scripts "${CMAKE_CURRENT_LIST_DIR}/migrations/${KIND}/*.sql")
list(SORT scripts)
set(rows "")
foreach(script IN LISTS scripts)
  get_filename_component(name "${script}" NAME_WE)
  string(REGEX MATCH "^[0-9]+" digits "${name}")
  math(EXPR version "1${digits} - 10000") # "0008" is octal to nobody
  file(READ "${script}" text)
  string(APPEND rows "    {${version}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE "${OUT}" "#include \"db/migrations.hpp\"

namespace coldvigil::db {
namespace {
constexpr migration all[] = {
${rows}};
} // namespace

std::span<const migration> ${KIND}_migrations() {
  return all;
}
} // namespace coldvigil::db
")
