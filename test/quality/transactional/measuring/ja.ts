/** Japanese templates that only measure. */
import type { Template } from '../template.ts'

export const japanese: readonly Template[] = [
  { kind: 'receipt', from: 'billing', subject: '決済完了のお知らせ {amount}', text: `
# 決済が完了しました

下記のとおり {amount} の決済を承りました(管理番号 {order})。

{items}

領収書は会員ページから発行できます。

[[領収書を発行]]

次回の決済日は {later} です。` },
  { kind: 'invoice', from: 'finance', subject: '{月額利用料|業務委託料|管理費}のご請求 No.{order}', text: `
お取引先各位

{month}のサービス提供分として {large} をご請求申し上げます。書類をお付けしましたのでご確認願います。期日は発行日から15日以内です。

担当:{person}({city}{street})

本書は電子的に作成したもので、押印を省略しております。` },
  { kind: 'shipping', from: 'delivery', subject: '{carrier}:お荷物 {tracking} {本日お届け|到着}', text: `
{company} からのお荷物が{{time}から18時の間に届きます|{city}の営業所に届いています}。

| 送り状 | {tracking}
| 品名 | {product}

ご不在の場合は置き配や受取場所の変更をご利用ください。

[[受取方法を変える]]` },
  { kind: 'password', from: 'access', subject: '{company} へのアクセスを回復', text: `
次のURLを開き、新しいパスワードを登録してください。

{link}

2時間を過ぎると使えなくなります(要求元 {ip})。このURLがなければ、ほかの人が設定を変えることはできません。` },
  { kind: 'code', from: 'login', subject: '{company} ワンタイムパスワード', text: `
{手続きを続ける|{amount} の振込を承認する}には、次の数字を入力してください。

{code}

一度だけ、{3|8}分間有効です。係員が電話でお聞きすることはございません。` },
  { kind: 'alert', from: 'zabbix', subject: '{host}:{service} {CRITICAL|WARNING|OK}', text: `
検査項目:{service}
対象:{host}({ip})
判定:{CRITICAL|WARNING|OK}
時刻:{instant}

{10秒以内に応答がありません|/var の空き容量は残り {percent} です|{domain} の証明書はあと{n}日で失効します|バックアップ終了、{n}件をスキップ}` },
  { kind: 'invitation', from: 'meeting', subject: '{日程調整|日時変更}:{予算検討|{person} さんの受け入れ|障害の振り返り}', text: `
{person} が打ち合わせを希望しています。

開始:{soon} {time}(45分)
参加URL:{link}
PIN:{card}{card}

都合が合わないときは主催者へご返信ください。` },
  { kind: 'newsletter', from: 'hello', subject: '{product}ほか、今週のおすすめ{n}点', text: `
# 今週のおすすめ

{入荷したばかり|スタッフが選びました}:{product} {amount}から。4,000円以上で送料無料。

- {person} が語る商品テストの裏側
- {soon}は夜間営業
- 台所からのレシピ

[[特集を見る]]

{company} {city}{street} 配信設定・解除:{link}` },
  { kind: 'statement', from: 'documents', subject: '書類が届いています({残高報告|検針票|掛金のお知らせ} {month})', text: `
{name} 様

電子ポストに新しい書類を格納しました。控えを添えてお送りします。

残高:{large} {past}からの増減:{percent}

このアドレスには返信できません。担当の{person}までご連絡ください。` },
  { kind: 'build', from: 'jenkins', subject: 'ビルド{不安定|正常化}:{repository} » {branch} #{n}', text: `
詳細 {link}

変更点:

- [{person}] 依存関係を更新
- [{person}] {service} の再試行を追加

テスト結果:失敗 {n}、成功 14{n}、スキップ 3。{commit} により {host} で起動。` },
  { kind: 'sign-in', from: 'notice', subject: 'ご本人による操作ですか?{browser}、{city}', text: `
{name} さん

{instant} UTC に {browser}({ip})からプロフィールが開かれました。初めて見るブラウザーのためお知らせします。

見覚えがあれば問題ありません。なければセッションを終了してください。

[[セッションを終了]]` },
  { kind: 'reminder', from: 'office', subject: '{返却期限|点検時期|契約更新}のお知らせ({soon})', text: `
お客様各位

{「{product}」の返却期限は{soon}です|給湯器の年次点検の時期です。{soon}に担当の{person}が{city}へ伺います|ご契約 {order} は、お申し出がなければ{later}に {amount} で更新されます}。

{time}までにウェブで延長または確認をお願いします。

[[マイページ]]` },
] // biome-ignore format: texts
