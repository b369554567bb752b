import { vocechat } from '../src/channels/vocechat';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonVocechatApi extends credential(vocechat) {}
