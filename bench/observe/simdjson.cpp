// The limit: simdjson's parser in C++ over the same file, every value of every line visited, pattern and marks checked.
// g++ -O3 -march=native simdjson.cpp -lsimdjson -o simdjson && ./simdjson FILE
#include <cstdio>
#include <string>
#include <unordered_map>
#include "simdjson.h"

int main(int count, char **words) {
  if (count < 2) return 2;
  static const int values[3] = {7, 4, 1};
  simdjson::dom::parser parser;
  simdjson::dom::document_stream stream;
  if (parser.load_many(words[1], 1 << 20).get(stream)) return 1;
  std::unordered_map<std::string, int64_t> marks;
  long lines = 0, found = 0;
  for (auto result : stream) {
    simdjson::dom::object message;
    if (result.get(message)) { found++; continue; }
    lines++;
    std::string_view sender = message["senderId"];
    int64_t step = message["globalStep"];
    int64_t value = message["patternValue"];
    auto place = marks.try_emplace(std::string(sender), -1).first;
    if (value != (step % 100 == 0 ? 7 : values[step % 100 % 3]) || step <= place->second) found++;
    else place->second = step;
  }
  std::printf("%ld lines, %ld findings\n", lines, found);
}
